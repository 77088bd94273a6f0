"""First and last names in Latin script, for the recogniser of people's names; written for this project from general knowledge.

English-speaking countries, Europe, Latin America, India, Arabic-speaking countries, Japan and Korea, and Chinese names as pinyin.
A first name that is mostly another word, a place or a product (Will, May, Paris, Alexa, Chase) is in `AMBIGUOUS_FIRST_NAMES` or nowhere.
"""

# ruff: noqa: SIM905 - rows of words read better

from __future__ import annotations

FIRST_NAMES = frozenset(
    (
        "aaron abby abdul abdullah abhishek abigail adam aditi aditya adrian adriana agnes ahmad ahmed aidan aileen aisha ajay akash "
        "akira alan albert alberto alec alejandra alejandro alessandro alexander alexandra alexandre alfred alfredo ali alice alicia "
        "alison aliyah allison alyssa amanda amara amelia amina amir amit amy ana ananya anders andre andrea andreas andrei andres "
        "andrew andy angela angelica angus anil anita anjali ankit ann anna anne annette annie anthony antoine anton antonio anuj "
        "aoife april-ann archie ariana arjun arnold arthur arturo arun asha ashish ashley ashok astrid audrey ayaan ayesha barbara "
        "barry bashir beatrice beatriz becky ben benjamin bernard bernardo beth bethany betty bev beverly bhavna bianca bilal bin "
        "bjorn blake bo bob bobby bogdan boris brad bradley brandon brenda brendan brent brett brian bridget brooke bruce bruno bryan "
        "caitlin callum cameron camila carl carla carlos carmen carol caroline carolyn carrie catherine cathy cecilia cedric celine "
        "cesar charlene charles charlie charlotte chen chidi chinedu chloe chris christa christina christine christopher ciara cindy "
        "claire clara clarissa claudia clive cody colin colleen connie connor conor corey courtney craig cristian cristina curtis "
        "cynthia daisy damien dan daniel daniela danielle danny daphne darren dave david dawn dean debbie deborah deepak deepika "
        "denise dennis derek deshawn devon diana diane diego dieter dimitri dinesh divya dmitri dmitry dolores dominic donald donna "
        "doris dorothy doug douglas drew duncan dwayne dylan edgar edith eduardo edward edwin eileen elaine eleanor elena eli elias "
        "elijah elisa elizabeth ella ellen ellie elliot elsa elsie emeka emilia emily emma emmanuel enrique eric erica erik erika erin "
        "ernest esra esteban esther ethan eugene eva evan evelyn fang farah farhan fatima fatma felicity felipe felix fernanda "
        "fernando fiona florian fran frances francesca francesco francine francis francisco francois frank fred freddie frederick "
        "freya gabriel gabriela gareth garry gary gavin geoff geoffrey george gerald gerard gianni gillian gina giovanni giulia glen "
        "gloria gordon graham greg gregory greta guillermo guiying guoqiang gurpreet gustavo guy gwen habib hailey haiyan hamza hana "
        "hannah hao haoran harish harold harpreet harriet harry harsh hasan hassan hazel heather hector heidi helen helena helga "
        "henrik henry hiroshi hitesh holly hong howard hugh hugo hui hussein ian ibrahim ida ignacio ilse ilya imani imran ines ingo "
        "ingrid irene isaac isabel isabella isabelle isha ishaan isla ivan ivy jack jackie jacob jacqueline jaime jake jamal james "
        "jamie jan jana jane janet janice jared jasmine jason javier jay jayden jean jeanette jeff jeffrey jenna jennifer jenny jeremy "
        "jerome jerry jess jesse jessica jessie jia jiahao jianguo jianhua jiawei jiaxin jiayi jie jill jillian jim jimmy jin jing "
        "joan joanna joanne joao joaquin jodie joe joel johan johann johanna john johnny jon jonas jonathan jorge jose josefina joseph "
        "josephine josh joshua joyce juan juanita judith judy julia julian juliana julie juliet julio jun junjie justin jyoti kai "
        "kamal karan karen karim karin karina karl karthik kate katherine kathleen kathryn kathy katie katrina kavita kayla keith "
        "kelly kelsey ken kendra kenji kenneth kerry kevin khadija khalid kieran kim kimberly kiran kirsten klaus kofi krishna kristen "
        "kristin kristina kumar kwame kyle lakshmi lan lara larry lars latoya laura lauren laurence laurie leah leanne lei leila "
        "leilani len lena leo leon leonard leonardo leroy leslie lewa lewis liam lihua lily linda lindsay lindsey ling liping lisa "
        "lloyd logan lois lola lorenzo lorraine louis louisa louise lucas lucia lucy luis luisa luka lukas luke lydia lynn mabel "
        "madeleine madison mahmoud malik manish manoj manuel marc marcel marcela marcia marco marcos marcus margaret maria mariam "
        "mariana marie mario marion marisol marjorie marlene marta martha martin martina marvin mary maryam mateo mathew mathilde matt "
        "matteo matthew matthias maureen maurice max maximilian maya meera megan meghan mehdi mehmet mei meilin meiling melanie "
        "melinda melissa mengqi mengyao mercy meredith mia michael michaela michele michelle miguel mike mikhail mildred milena miles "
        "milo min mina mindy ming minghao miriam misha mitchell mohamed mohammad mohammed mohit moira molly monica monika morgan "
        "mostafa muhammad murali mustafa myra nadia nadine nancy naomi narendra natalia natalie natasha nathan nathaniel navya neal "
        "neelam neha neil nelson ngozi nia niamh nicholas nick nicola nicolas nicole nigel nikhil nikita nikolai nina nisha nitin noah "
        "noel noor nora norma norman nuria nusrat oleg olga oliver olivia olumide omar osama oscar otto owen pablo padma palak pam "
        "pamela paola pat patricia patrick patty paul paula paulina pauline pavel pedro peggy penelope peng penny percy pete peter "
        "petra phil philip phillip phoebe pierre pooja prakash pranav prashant preeti priya priyanka qiang qing quentin quinn rachael "
        "rachel rafael raghav rahul raj rajesh ralph ramesh ramon randy ranjit rashid rashmi raul ravi ray raymond rebecca rebekah "
        "regina reginald rekha renata rene renee rhea rhonda ricardo richard rick ricky riley rina rita ritu riya rob robert roberta "
        "roberto robin rodney rodrigo roger rohan rohit roland ron ronald ronan ronnie rory rosa rosalind rosemary rosie ross rowan "
        "roxanne roy ruben rui rukhsana ruoxi rupert russell ruth ryan sabrina sachin sadia said sally salma salman sam samantha samir "
        "samuel sandeep sandra sandy sanjay santosh sara sarah sasha satoshi saurabh scott sean sebastian seema selena selma sergei "
        "sergio seth shane shanice shannon shanti sharon shaun shawn sheila shelby shelly shirley shreya shruti shuai sian siddharth "
        "silvia simon simone siobhan sitong siyu sneha sofia sofie sonia sonya sophia sophie spencer stacey stacy stan stanley stefan "
        "stefania stella stephanie stephen steve steven stewart stuart subhash sunil sunita suresh susan susana susie suzanne sven "
        "svetlana swati sylvia tamara tamika tanya tao tara tariq ted terence teresa terrence terry tessa thandi thea theo theodore "
        "theresa thomas tiffany tim timothy tina ting tobias toby todd tom tomas tommy tony tracey tracy trevor tricia trish tristan "
        "troy tunde tyler tyrone uma umar usha valentina valeria valerie vanessa vera veronica vicki vicky victor victoria vijay "
        "vikram viktor vinay vincent viola violet vishal vivek vivian viviana vladimir wade walter wanda warren wayne wei weidong "
        "weijie wendy wenjie wenjing wesley whitney wilfred wilhelm william willie winston wolfgang xavier xiaohong xiaoli xiaolong "
        "xiaoming xiaoping xiaoyan xiaoyu ximena xin xinyi xiuli xiuying xue yan yang yasmin yasmine yifan yiming ying yolanda yousef "
        "yuchen yuki yunfei yusuf yutong yuxin yvette yvonne zachary zahra zainab zara zeynep zhen zhihao zhiqiang zihan zixuan zoe "
        "zoey"
    ).split()
)
"""In lower case."""

AMBIGUOUS_FIRST_NAMES = frozenset(
    (
        "amber angel april art august austin autumn basil bill bin bo bob brooklyn buddy carolina "
        "chance charity chase chelsea china christian cooper crystal dakota dallas dawn destiny duke earl eve "
        "faith fang florence ford gene georgia ginger grace grant guy hana hao harmony harper holly hong hope "
        "houston hui hunter india iris israel ivy jackson jade jay jia jie jin jing jordan joy juan jun june kai kenya "
        "king lan lei lexus lincoln ling lucky major mark mason max may mei melody mercedes ming "
        "misty olive paris pearl peng pepper piper porsche prince qiang qing rainbow rich "
        "rocky rose rosemary royce ruby rui sage said santiago serenity shuai sky skye skylar star sue "
        "summer sunny sydney tanner tao ting tyler viola virginia wade wei will winter xin xue "
        "yan viktor ilse olu chidi emeka tunde amara ngozi dmitry yuri ingo yang ying zhen"
    ).split()
)
"""First names, also in `FIRST_NAMES` or not, that on their own prove little; in lower case."""

LAST_NAMES = frozenset(
    (
        "abdi adams adeyemi agarwal ahmed alexander ali allen almeida alvarez anderson andersson aziz bai bailey baker banerjee "
        "barnes bauer becker begum bell bennett bernard bianchi black bloggs boyd brandt brooks brown bryant burns butler byrne cai "
        "campbell cao carter castillo castro chan chavez chen cheng cheung cho choi chowdhury clark cohen cole coleman collins cook "
        "cooper costa cox crawford cruz daniels das davis deng desai diaz ding dixon dlamini doe dong doyle du dubois dunn durand "
        "edwards ellis eriksson esposito evans feng ferguson fernandez ferrari ferreira fischer fisher flores ford foster fox fraser "
        "freeman friedman gallagher gao garcia gardner garza gibson goldberg gomez gonzalez gordon graham grant gray green griffin gu "
        "guo gupta gutierrez guzman haddad hall hamilton hansen harris harrison hartley hassan hawkins hayes he henderson henry "
        "hernandez herrera hicks hill ho hoffmann holmes hou howard hu huang hughes hunt hunter hussain ibrahim ito ivanov iyer james "
        "jang jenkins jensen jiang jimenez jin johansson johnson jones jordan joshi jung kang kapoor karlsson katz keller kelley "
        "kelly kennedy khan khoury kim king kobayashi kowalski kumar kuznetsov lam larsen laurent lee lei leung levy lewis li liang "
        "liao lim lin liu long lopez lu luo lynch ma macdonald mackenzie macleod malik mansour marshall martin martinez mason "
        "mccarthy mcdonald medina mehta mendez mendoza mensah meyer miller mills mishra mitchell mohamed moore morales moreau moreno "
        "morgan morris mukherjee muller munoz murphy murray myers nair nakamura nasser ndlovu nelson ng nguyen nichols nielsen "
        "nilsson nkosi novak o'brien o'connor o'neill o'sullivan okafor okonkwo oliveira olson ortiz osei owens palmer pan pandey "
        "park parker patel patterson payne peng pereira perez perry peterson petrov phillips popov porter powell price qin qiu rahman "
        "ramirez ramos rao reddy reed ren reyes reynolds rice richardson rivera roberts robertson robinson rodriguez rogers romero "
        "rose ross rossi ruiz russell russo ryan salazar saleh sanchez sanders santos sato schmidt schneider scott shah sharma shaw "
        "shen silva simmons simpson sinclair singh smith snyder song soto souza spencer stephens stevens stewart stone su sullivan "
        "sun suzuki svensson tan tanaka tang taylor thomas thompson tian torres tran tucker turner vargas vasquez verma virtanen "
        "vogel wagner walker wallace walsh wang ward warren washington watanabe watson weaver webb weber wei wells west white "
        "whitfield williams wilson wong wood woods wright wu xiao xie xiong xu yamamoto yang yao ye yeung yoon young yu yuan zeng "
        "zhang zhao zheng zhou zhu"
    ).split()
)
"""In lower case."""
