"""Names as one hears them in the playground of a primary school in an English city."""

from __future__ import annotations

__all__ = ["BOYS", "GIRLS", "GROWN_UPS", "SURNAMES"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIRLS = _words("""
Aaliyah Abigail Ada Adaeze Aisha Alba Aleksandra Alice Amara Amelia Amina Anaya Andreea Anika
Annabel Aoife Ava Ayesha Beatrice Bethan Bláthnaid Caitlin Charlotte Chloé Ciara Daisy Daniela
Darcie Delilah Efua Eilidh Eleanor Eliza Elsie Emilia Erin Esmé Esther Evelyn Faith Fatima Florence
Freya Gabriela Grace Gurleen Hafsa Halima Hana Hannah Harper Holly Imogen Iman Ines Ingrid Iris Isla
Ivy Jasmine Jessica Jing Joanna Khadija Kiran Lacey Laila Leila Lena Libby Lola Lottie Lucia Maisie
Maja Margot Mariam Martha Matilda Maya Mei Mia Millie Naomi Natalia Ngozi Niamh Nia Nusrat Oliwia
Olive Ottilie Penelope Phoebe Poppy Priya Renée Rhiannon Robyn Rosie Ruby Saanvi Safiya Scarlett
Simran Siobhán Sofia Sumaya Tabitha Tamika Teagan Tiana Violet Wiktoria Willow Yasmin Ying Yusra
Zahra Zainab Zofia Zuri
""")

BOYS = _words("""
Aarav Abdullah Adam Adrian Aleksander Alfie Ali Amir Andrei Anton Archie Arjun Arlo Arthur Ayaan
Barnaby Bartosz Bilal Bobby Callum Caleb Charlie Chidi Conor Daniel Darius David Dexter Dominik
Dylan Ebrima Eesa Elijah Ellis Emeka Emre Ethan Ezra Faisal Felix Filip Finlay Finn Frankie Freddie
Gabriel Gethin George Hamza Harley Harrison Harvinder Hassan Haydn Henry Hugo Hussain Ibrahim Idris
Isaac Ismail Jacob Jaden Jakub Jayden Jesús Joel Joseph Joshua Jude Kacper Kai Karim Kayden Kian
Kofi Kwame Leo Levi Liam Logan Louie Luca Luis Malachi Marcel Mason Mateusz Matteo Max Micah Mikołaj
Mohammed Moses Musa Nathan Nikhil Noah Oisín Oliver Omar Oscar Otis Patrick Pawel Percy Rafael
Raheem Rajan Reggie Rhys Rohan Ronnie Rory Ruben Rupert Samuel Sebastian Sergio Stanley Szymon Taha
Tariq Teddy Theo Tobias Toby Tyrese Umar Veer Victor William Xavier Yahya Yusuf Zachary Zain
Zakariya
""")

SURNAMES = _words("""
Abbott Abdi Abubakar Adebayo Adeyemi Afzal Ahmed Akhtar Akinola Allsop Ali Amos Antoniou Appiah
Archer Asante Ashworth Atkins Aziz Bailey Balogun Bamford Banerjee Bains Barker Begum Bell Bhatti
Birch Boateng Booth Bradley Brennan Brown Bukowski Burrows Campbell Carey Chan Chapman Chaudhry
Chowdhury Clarke Cole Cooper Costa Cox Cross Daley Danso Das Davies Dawson Dhillon Diallo Dixon
Dobrev Dogan Doyle Driscoll Dudek Edwards Egan Elliott Eze Farah Farooq Farrell Fashola Fernandes
Fisher Fletcher Forde Foster Fowler Francis Gallagher Garner Georgiou Ghosh Gill Goddard González
Gordon Grabowski Grant Green Greaves Gupta Hall Hancock Hardy Harris Hassan Hayes Henry Hickling
Hill Holmes Hopkinson Horvath Hughes Hussain Ibrahim Ilić Ionescu Iqbal Islam Jackson Jallow James
Jarvis Johal Johnson Jones Joseph Kamara Kaur Kelly Khalid Khan Kirk Konaté Kovač Kowalczyk Kumar
Lam Lawal Lee Lewis Liu Lowe Lupu Mahmood Malik Mann Marić Marriott Marshall Martin McAllister
McCarthy McKenzie Mehta Mensah Miah Mitchell Mohamed Moore Morgan Moss Murphy Mutasa Naylor Ndlovu
Newton Nguyen Nkosi Noble Nowak Obi Odunsi Ogden Olawale Omar Osei Osman Owusu Palmer Parmar Patel
Pearson Pereira Peters Phiri Popescu Porter Powell Price Quaye Radu Rahman Rai Ramos Rana Rasool
Raynor Reid Rhodes Riley Roberts Rodrigues Rose Rowley Russell Sahota Saleh Sandhu Santos Saunders
Sesay Shah Sharma Shaw Shelton Silva Singh Slater Smith Soares Sokołowski Spencer Stanton Stevenson
Suleiman Szabó Tahir Taylor Tembo Thomas Thompson Thorpe Tomlinson Turay Turner Uddin Underwood
Varga Vaughan Vega Vickers Walker Walsh Wang Ward Warsame Watson Webster Wheatley White Whitlock
Wilkinson Williams Wong Woodhouse Wright Wysocki Yates Yilmaz Young Yusuf Zając Zaman Zielińska
""")

GROWN_UPS = _words("""
Abena Adrian Agnieszka Aisha Alan Alison Amit Andrew Angela Anna Asif Barbara Ben Bukola Carla
Catherine Chipo Chris Claire Colin Dawn Deborah Deepa Denise Donna Ebony Elena Emma Farah Fiona
Gareth Gary Geeta Graham Hannah Heather Helen Hina Ian Ioana Irfan Jamal James Jane Jean Joanne
Jonathan Julie Karen Kate Kelly Kemi Laura Leanne Linda Lisa Louise Lucy Malgorzata Manjit Marcus
Maria Mark Martin Mary Matthew Melissa Michael Michelle Mohammad Monika Nadia Natalie Neil Nicola
Nasreen Olivia Olu Pamela Parveen Paul Peter Rachel Raj Rebecca Richard Robert Ruth Sadia Samantha
Sandra Sarah Shabana Sharon Simon Stacey Stephen Steven Sunita Susan Tanya Tariq Thomas Tomasz Tracy
Usha Vanessa Victoria Yvonne Zeynep
""")
